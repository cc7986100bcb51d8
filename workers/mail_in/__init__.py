"""The second door: letters are fetched from a mailbox, by IMAP or POP3, and kept as those that come in by SMTP."""
