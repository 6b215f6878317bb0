//! Who makes the tables, and what a lesser user may do with them.

use anyhow::{Error, Result, bail};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection,
    migrate::{MigrateError, Migrator},
    postgres::PgConnectOptions,
};

use super::{connect, options};
use crate::{config::PostgresUrl, db::newer};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Makes and changes the tables as their owner: the user himself, or the one of the owner's address. Where that is not given, a user who does not
/// own them must find them as this version needs them.
pub(super) async fn prepare(
    first: &mut PgConnection,
    user: &PgConnectOptions,
    owner: Option<&PostgresUrl>,
) -> Result<()> {
    if let Some(owner) = owner {
        let mut connection = connect(&options(owner)?).await?;
        make(&mut connection).await?;
        grant(&mut connection, user.get_username()).await?;
        let _ = connection.close().await;
        check_current(first, user).await?;
    } else if may_change(first).await? {
        make(first).await?;
    } else {
        check_current(first, user).await?;
    }
    warn_of_unbound(first).await
}

async fn make(owner: &mut PgConnection) -> Result<()> {
    MIGRATIONS.run(owner).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => newer(error),
        _ => Error::from(error).context(
            "cannot make the tables; the user of the address needs a database of its own: `createdb --owner USER NAME`",
        ),
    })
}

/// Whether there are no tables yet, or they are the user's.
async fn may_change(user: &mut PgConnection) -> Result<bool> {
    let asked = "SELECT coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('sync_head')), true)";
    Ok(sqlx::query_scalar(asked).fetch_one(user).await?)
}

async fn check_current(connection: &mut PgConnection, user: &PgConnectOptions) -> Result<()> {
    let asked = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let found: Result<Option<i64>, sqlx::Error> = sqlx::query_scalar(asked).fetch_one(connection).await;
    let wanted = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    let user = user.get_username();
    match found {
        Ok(Some(found)) if found == wanted => Ok(()),
        Ok(Some(found)) if found > wanted => Err(newer(MigrateError::VersionMissing(found))),
        Ok(_) => bail!(
            "the tables are of an older huifang, and {user} may not change them: start one process with the address of their owner, by \
             HUIFANG_DATABASE_OWNER"
        ),
        Err(error) => Err(Error::from(error).context(format!(
            "{user} may not use the tables, or they are in another database: start one process with the address of their owner in this \
             database, by HUIFANG_DATABASE_OWNER"
        ))),
    }
}

/// The lesser user reads and writes rows; what is only ever added to he can neither change nor delete.
async fn grant(owner: &mut PgConnection, user: &str) -> Result<()> {
    let (schema, user): (String, String) =
        sqlx::query_as("SELECT quote_ident(current_schema()), quote_ident($1)")
            .bind(user)
            .fetch_one(&mut *owner)
            .await?;
    let text = format!(
        "GRANT USAGE ON SCHEMA {schema} TO {user};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {user};
         REVOKE UPDATE, DELETE ON audit, changeset FROM {user};
         GRANT UPDATE (body) ON changeset TO {user};
         REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM {user}"
    );
    // Both names were quoted by PostgreSQL.
    sqlx::raw_sql(AssertSqlSafe(text)).execute(owner).await?;
    Ok(())
}

/// PostgreSQL binds neither superusers nor those who may bypass it by any policy.
async fn warn_of_unbound(connection: &mut PgConnection) -> Result<()> {
    let asked = "SELECT rolname::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    let (user, unbound): (String, bool) = sqlx::query_as(asked).fetch_one(connection).await?;
    if unbound {
        tracing::warn!(
            user,
            "row-level security does not bind this PostgreSQL user: nothing but this program keeps areas apart; give an ordinary user \
             (docs/postgresql.md)"
        );
    }
    Ok(())
}
