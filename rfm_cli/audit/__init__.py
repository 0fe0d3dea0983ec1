"""Can the three questions be answered: how many customers, who are they, what do they buy."""
