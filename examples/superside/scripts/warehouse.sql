-- The warehouse: levenshtein(), which the dbt project uses to recognise misspelt categories.

create extension if not exists fuzzystrmatch;
