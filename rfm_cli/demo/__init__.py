"""Public data sets to try rfm on."""
