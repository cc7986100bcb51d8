"""The row that cases and activities share: its queue, its holder, its state; queues and the verbs on items."""
