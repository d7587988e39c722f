"""The customer program's windows; everything here lives on the Qt thread."""
