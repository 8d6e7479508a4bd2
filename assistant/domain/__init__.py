"""The words of the trade: messages, conversations, consent and errors, free of any framework."""
