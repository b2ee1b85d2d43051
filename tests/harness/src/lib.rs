//! Loads case files and runs them on the core and on every binding.
