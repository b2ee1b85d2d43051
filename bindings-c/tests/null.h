/* What the programs about NULL share. */
#ifndef NULL_H
#define NULL_H

#include "check.h"

/* A text that claims bytes it does not have. */
static const s3iam_text HOLLOW = {NULL, 5};

#define IS_NULL_POINTER(call) CHECK_STATUS(call, S3IAM_ERROR_NULL_POINTER)

#endif
