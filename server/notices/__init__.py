"""Who is told what: notices written from templates, kept in an outbox, and sent by e-mail."""
