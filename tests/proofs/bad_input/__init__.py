"""What people and scripts get wrong, as a table: input, status, message, and nothing written.

A row is added in the module of its way in (``table.py`` lists them); the test and the printed
table, ``python -m tests.proofs.bad_input``, find it there.
"""
