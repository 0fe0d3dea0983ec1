"""Read relations as Arrow and append to them; one file per engine."""
