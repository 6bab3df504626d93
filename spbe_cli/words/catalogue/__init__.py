"""Every problem code with its sentences, by theme. Read only when there is something to say."""
