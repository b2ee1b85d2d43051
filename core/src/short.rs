//! Lists that are usually short.

/// A list that needs no memory of its own while it is short.
#[cfg(any(not(target_family = "wasm"), target_feature = "simd128"))]
pub(crate) use smallvec::SmallVec;

/// A wasm module is to be small first, unless it is built for speed: every capacity would be code of its own.
#[cfg(all(target_family = "wasm", not(target_feature = "simd128")))]
pub(crate) type SmallVec<A> = Vec<<A as smallvec::Array>::Item>;
