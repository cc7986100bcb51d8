"""Views into notices: words and buttons, pure."""
