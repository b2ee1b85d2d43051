//! A value that is replaced while others use it.

/// A value behind a pointer that can be replaced at any time.
#[cfg(not(target_family = "wasm"))]
pub(crate) use arc_swap::ArcSwap as Shared;

#[cfg(target_family = "wasm")]
pub(crate) use single::Shared;

/// The wasm module has one thread, so nobody replaces the pointer while another reads it.
#[cfg(target_family = "wasm")]
mod single {
    use std::cell::RefCell;
    use std::sync::Arc;

    #[derive(Debug)]
    pub(crate) struct Shared<T>(RefCell<Arc<T>>);

    impl<T> Shared<T> {
        pub(crate) fn new(value: Arc<T>) -> Self {
            Self(RefCell::new(value))
        }

        pub(crate) fn load(&self) -> Arc<T> {
            self.0.borrow().clone()
        }

        #[cfg(feature = "forms")]
        pub(crate) fn swap(&self, value: Arc<T>) -> Arc<T> {
            self.0.replace(value)
        }

        #[cfg(not(feature = "forms"))]
        pub(crate) fn store(&self, value: Arc<T>) {
            self.0.replace(value);
        }
    }
}
