"""Data to try rfm on."""
