"""Every sentence a person reads: keys and facts travel, words are made at the last moment."""
