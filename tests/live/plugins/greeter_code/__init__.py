"""A third party's plugin with a part for every program; each part notes which process has imported it."""
