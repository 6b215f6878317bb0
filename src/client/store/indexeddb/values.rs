//! Rows and keys as the browser's values.

use super::super::{Part, Row, RowKey, StoreError, Write};
use idb::{KeyRange, Query, Transaction};
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A key of one text is that text, any other a list.
pub(super) fn key(key: &RowKey) -> JsValue {
    match key.0.as_slice() {
        [Part::Text(text)] => JsValue::from_str(text),
        parts => list(parts).into(),
    }
}

fn list(parts: &[Part]) -> Array {
    let part = |part: &Part| match part {
        // Below 2^53, so that a double holds it.
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        Part::Number(number) => JsValue::from_f64(*number as f64),
        Part::Text(text) => JsValue::from_str(text),
    };
    parts.iter().map(part).collect()
}

/// The range of keys that begin with the parts: a longer list follows its beginning, and an empty list follows every number and text.
pub(super) fn below(prefix: &[Part]) -> Result<KeyRange, StoreError> {
    if prefix.is_empty() {
        // Every key there can be: numbers come first.
        return KeyRange::lower_bound(&JsValue::from_f64(f64::NEG_INFINITY), None)
            .map_err(|_| StoreError::Broken);
    }
    let lower = list(prefix);
    let upper = list(prefix);
    upper.push(&Array::new());
    KeyRange::bound(&lower.into(), &upper.into(), None, Some(true)).map_err(|_| StoreError::Broken)
}

pub(super) fn row_key(value: &JsValue) -> Result<RowKey, StoreError> {
    let part = |value: JsValue| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "written by us, from a u64"
        )]
        let number = value.as_f64().map(|number| Part::Number(number as u64));
        number.or_else(|| value.as_string().map(Part::Text)).ok_or(StoreError::Broken)
    };
    match value.dyn_ref::<Array>() {
        Some(list) => list.iter().map(part).collect::<Result<_, _>>().map(RowKey),
        None => part(value.clone()).map(|part| RowKey(vec![part])),
    }
}

/// Names of a row's members: head, body, area, parent.
const HEAD: &str = "h";
const BODY: &str = "b";
const AREA: &str = "a";
const PARENT: &str = "p";

pub(super) fn row(value: &JsValue) -> Result<Row, StoreError> {
    let member = |name: &str| Reflect::get(value, &JsString::from(name)).map_err(|_| StoreError::Broken);
    let body = member(BODY)?;
    Ok(Row {
        head: member(HEAD)?.as_string(),
        body: body.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default(),
        area: member(AREA)?.as_string(),
        parent: member(PARENT)?.as_string(),
    })
}

fn value(row: &Row) -> Result<JsValue, StoreError> {
    let object = Object::new();
    let set = |name: &str, value: &JsValue| {
        Reflect::set(&object, &JsString::from(name), value).map(|_| ()).map_err(|_| StoreError::Broken)
    };
    if !row.body.is_empty() {
        set(BODY, &Uint8Array::from(row.body.as_slice()))?;
    }
    for (name, text) in [(HEAD, &row.head), (AREA, &row.area), (PARENT, &row.parent)] {
        if let Some(text) = text {
            set(name, &JsValue::from_str(text))?;
        }
    }
    Ok(object.into())
}

/// A write in the browser's values, made before the transaction is opened.
pub(super) enum Prepared {
    Put(&'static str, JsValue, JsValue),
    Delete(&'static str, Query),
    DeleteArea(JsValue),
}

pub(super) fn prepare(write: &Write) -> Result<Prepared, StoreError> {
    Ok(match write {
        Write::Put { shelf, key: at, row } => Prepared::Put(shelf.name(), key(at), value(row)?),
        Write::Delete { shelf, key: at } => Prepared::Delete(shelf.name(), key(at).into()),
        Write::DeleteBelow { shelf, prefix } => Prepared::Delete(shelf.name(), below(prefix)?.into()),
        Write::DeleteArea { area } => Prepared::DeleteArea(JsValue::from_str(area)),
    })
}

impl Prepared {
    /// Gives the write to the transaction, which runs its requests in order. Awaits nothing but the database.
    pub(super) async fn issue(self, transaction: &Transaction) -> Result<(), StoreError> {
        let broken = |_| StoreError::Broken;
        match self {
            Prepared::Put(shelf, key, value) => {
                transaction
                    .object_store(shelf)
                    .and_then(|rows| rows.put(&value, Some(&key)))
                    .map_err(broken)?;
            }
            Prepared::Delete(shelf, query) => {
                transaction.object_store(shelf).and_then(|rows| rows.delete(query)).map_err(broken)?;
            }
            Prepared::DeleteArea(area) => {
                let rows = transaction.object_store("rep").map_err(broken)?;
                let keys = rows.index("area").and_then(|index| index.get_all_keys(Some(area.into()), None));
                for key in keys.map_err(broken)?.await.map_err(broken)? {
                    rows.delete(key).map_err(broken)?;
                }
            }
        }
        Ok(())
    }
}
