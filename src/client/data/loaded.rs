//! What a page reads, and reads again when it changed.

use futures::{FutureExt, future::LocalBoxFuture};
use leptos::prelude::*;
use std::{any::Any, marker::PhantomData, rc::Rc};

type Fetch = Box<dyn Fn() -> LocalBoxFuture<'static, Rc<dyn Any>>>;

/// A value read asynchronously, and again whenever a signal that `fetch` reads changes.
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
        let erased = move || {
            let answer = fetch();
            async move { Rc::new(answer.await) as Rc<dyn Any> }.boxed_local()
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
