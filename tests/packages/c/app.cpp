// A program that uses the installed library: prints what a policy answers.
#include <s3iam.hpp>

#include <iostream>

int main() {
    auto policy = s3iam::Policy::parse(R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}]})");
    s3iam::Query query;
    query.action = "s3:GetObject";
    query.resource = "arn:aws:s3:::photos/cat.jpg";
    std::cout << (policy.decide(query).allowed() ? "allow" : "deny") << '\n';
}
