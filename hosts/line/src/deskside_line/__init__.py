"""The way from a program to its gateway: roads, and which check failed when there is none."""
