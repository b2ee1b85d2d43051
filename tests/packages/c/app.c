/* A program that uses the installed library: prints what a policy answers. */
#include <s3iam.h>
#include <stdio.h>

int main(void)
{
    s3iam_text text = S3IAM_STR("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
                                "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::photos/*\"}]}");
    s3iam_query query = {.size = sizeof query, .action = S3IAM_STR("s3:GetObject")};
    s3iam_policy *policy = NULL;
    s3iam_decision decision;
    query.resource = S3IAM_STR("arn:aws:s3:::photos/cat.jpg");
    if (strcmp(s3iam_version(), S3IAM_VERSION) != 0 ||
        s3iam_policy_parse(text, NULL, &policy, NULL) != S3IAM_OK ||
        s3iam_policy_decide(policy, &query, &decision) != S3IAM_OK) {
        return 1;
    }
    s3iam_text outcome = s3iam_outcome_name(decision.outcome);
    printf("%.*s\n", (int)outcome.len, outcome.data);
    s3iam_policy_free(policy);
    return 0;
}
