"""Between the chats and the actions: payload in, action, reply."""
