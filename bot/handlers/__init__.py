"""Commands and buttons: parse, act, render, about ten lines each."""
