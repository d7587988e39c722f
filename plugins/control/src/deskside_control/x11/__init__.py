"""Mouse and keyboard of an X11 desktop, through python-xlib."""
