"""What came in, raw, as received, before anyone understood it: letters and Telegram updates."""
