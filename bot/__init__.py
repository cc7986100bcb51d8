"""All of Telegram, both ways: updates in, messages and cards out."""
