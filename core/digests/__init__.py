"""Reports sent by the clock: to each their own at their hour, and to managers the desk."""
