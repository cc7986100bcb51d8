"""Letters are read in processes of their own, with limits on time and memory, so that no letter holds up the desk."""
