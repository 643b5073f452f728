-- A comment as readers see it, rendered once when it is stored, beside what was typed.
ALTER TABLE comment ADD COLUMN html TEXT NOT NULL DEFAULT '';
