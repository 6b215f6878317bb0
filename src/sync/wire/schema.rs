//! The shapes of what the wire writes as text, for the API's document.

use super::Why;
use crate::{
    id::{AreaId, BlobHash, DeviceId, Inc, VaultId},
    rev::Rev,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

macro_rules! text {
    ($($name:ty, $pattern:literal;)*) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern)).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

text! {
    DeviceId, "^[0-9a-f]{32}$";
    VaultId, "^[0-9a-f]{16}$";
    Inc, "^[0-9a-f]{16}$";
    BlobHash, "^[0-9a-f]{64}$";
    AreaId, "^(own|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$";
    Rev, "^[0-9]{1,5}[.][0-9]{1,15}$";
    Why, "^[a-z_]+$";
}
