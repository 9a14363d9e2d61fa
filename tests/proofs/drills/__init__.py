"""Bad days of the database, practiced: each drill says what held, or raises what did not."""
