"""The bot without Telegram: what it reads, decides and writes."""
