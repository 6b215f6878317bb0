-- 常用查看: how an account looks at a table again and again, a JSON list of names and filters for each table.
CREATE TABLE saved_view (
    account TEXT NOT NULL,
    shown TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, shown)
);
