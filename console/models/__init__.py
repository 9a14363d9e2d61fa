"""What pages keep of their own: nothing yet, but Django seeds no app that has no models."""
