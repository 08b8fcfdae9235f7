"""Pictures that both chats can show: drawn with Matplotlib, each with its words beside it."""
