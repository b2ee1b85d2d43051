//! The module that browsers, bundlers and Node load.
//!
//! It converts and nothing else; every rule is behind `s3iam::facade`. Its callers are the JavaScript
//! files of `wasm/js`, which give it the shape that users see.
//!
//! What crosses the boundary: text and bytes in, JSON text out, numbers both ways. The calls made
//! for every request ([`Policy::decide`](policy::Policy::decide), [`Iam::authorize`](iam::Iam::authorize),
//! [`Verifier::verify`](verifier::Verifier::verify)) read their input from the [`exchange`] buffer,
//! which the caller fills in one write.

mod account;
mod exchange;
mod iam;
mod names;
mod options;
mod policy;
mod question;
mod refusal;
mod verifier;

use s3iam::facade;
use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The names of the built-in policies.
#[wasm_bindgen(js_name = builtInNames)]
#[must_use]
pub fn built_in_names() -> Vec<String> {
    facade::built_in_names().map(str::to_owned).collect()
}

/// The text of a built-in policy.
#[wasm_bindgen(js_name = builtIn)]
#[must_use]
pub fn built_in(name: &str) -> Option<String> {
    facade::built_in(name).map(str::to_owned)
}
