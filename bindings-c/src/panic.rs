//! The boundary that no panic crosses. The core does not panic; if it ever did, the caller would get
//! `S3IAM_ERROR_INTERNAL` or the value that allows nothing, and never an unwinding stack.

use crate::error::s3iam_error;
use crate::status::s3iam_status;
use s3iam::facade::ErrorCode;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where a call may put the details of its failure.
pub(crate) type Detail<'a> = Option<&'a mut MaybeUninit<Box<s3iam_error>>>;

/// Runs a call that answers with a status.
pub(crate) fn call(detail: Detail<'_>, work: impl FnOnce() -> Result<(), s3iam_error>) -> s3iam_status {
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(ErrorCode::Internal.into()));
    match outcome {
        Ok(()) => s3iam_status::S3IAM_OK,
        Err(error) => {
            let status = error.status();
            if let Some(detail) = detail {
                detail.write(Box::new(error));
            }
            status
        }
    }
}

/// Runs a call that answers with a value; `otherwise` is the answer that grants nothing.
pub(crate) fn value<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}

/// Gives a value to the caller through an out-parameter.
pub(crate) fn give<T>(out: Option<&mut MaybeUninit<T>>, value: T) -> Result<(), s3iam_error> {
    out.ok_or(ErrorCode::NullPointer)?.write(value);
    Ok(())
}

/// What a pointer points to, or the error for NULL.
pub(crate) fn given<T>(pointer: Option<T>) -> Result<T, s3iam_error> {
    pointer.ok_or_else(|| ErrorCode::NullPointer.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        std::panic::set_hook(Box::new(|_| {}));
        let mut detail = MaybeUninit::uninit();
        let status = call(Some(&mut detail), || panic!("on purpose"));
        assert_eq!(status, s3iam_status::S3IAM_ERROR_INTERNAL);
        assert!(!value(false, || panic!("on purpose")));
        let _ = std::panic::take_hook();
    }
}
