"""What happened to an order, for people: each event as a sentence, and notes that they write."""
