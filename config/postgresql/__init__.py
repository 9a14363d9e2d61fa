"""PostgreSQL as Django has it, over connections that do not wait for ever."""
