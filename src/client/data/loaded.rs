//! What a page reads, and reads again when it changed.

use crate::platform::back;
use futures::{FutureExt, future::LocalBoxFuture};
use leptos::prelude::*;
use std::{any::Any, cell::Cell, marker::PhantomData, rc::Rc};

type Fetch = Box<dyn Fn() -> LocalBoxFuture<'static, Rc<dyn Any>>>;

/// A value read asynchronously, and again whenever a signal that `fetch` reads changes.
///
/// While a sheet or a dialog is open the page stays as it is: building it anew would close the sheet over what somebody types.
///
/// Inside is one `LocalResource` of one type: a resource of each type of value and of each future would carry its own copy of four
/// kilobytes of machinery into the app.
pub(crate) struct Loaded<T> {
    resource: LocalResource<Rc<dyn Any>>,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Loaded<T> {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + 'static> Loaded<T> {
    pub(crate) fn new<Answer>(fetch: impl Fn() -> Answer + 'static) -> Loaded<T>
    where
        Answer: Future<Output = T> + 'static,
    {
        let is_shown = Rc::new(Cell::new(false));
        let erased = move || {
            let (answer, is_shown) = (fetch(), is_shown.clone());
            async move {
                let value = Rc::new(answer.await) as Rc<dyn Any>;
                if is_shown.replace(true) {
                    back::all_closed().await;
                }
                value
            }
            .boxed_local()
        };
        Loaded { resource: resource(Box::new(erased)), value: PhantomData }
    }

    /// The value, watched; none until the first answer.
    pub(crate) fn get(self) -> Option<T> {
        self.resource.get().and_then(|value| value.downcast_ref::<T>().cloned())
    }
}

fn resource(fetch: Fetch) -> LocalResource<Rc<dyn Any>> {
    LocalResource::new(fetch)
}
