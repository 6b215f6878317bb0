-- When the last record that attached it let it go: a photo that nothing attaches lapses thirty days later, or after its upload began.
ALTER TABLE blob ADD COLUMN let_go_at BIGINT;
