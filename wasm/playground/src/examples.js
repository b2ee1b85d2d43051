// Policies to begin with, each with a question that it answers well.

export const EXAMPLES = [
  {
    name: 'Read one bucket',
    policy: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListPhotos",
      "Effect": "Allow",
      "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
      "Resource": "arn:aws:s3:::photos"
    },
    {
      "Sid": "ReadPhotos",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::photos/*"
    }
  ]
}
`,
    question: { action: 's3:GetObject', resource: 'arn:aws:s3:::photos/2026/cat.jpg', context: {} },
  },
  {
    name: 'Home folders',
    policy: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListOwnFolder",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::home",
      "Condition": {
        "StringLike": { "s3:prefix": "\${aws:username}/*" }
      }
    },
    {
      "Sid": "UseOwnFolder",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      "Resource": "arn:aws:s3:::home/\${aws:username}/*"
    }
  ]
}
`,
    question: {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::home/zoë/notes.txt',
      context: { 'aws:username': 'zoë' },
    },
  },
  {
    name: 'Office network only',
    policy: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadAndWrite",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject"],
      "Resource": "arn:aws:s3:::reports/*"
    },
    {
      "Sid": "NotFromOutside",
      "Effect": "Deny",
      "Action": "s3:*",
      "Resource": "arn:aws:s3:::reports/*",
      "Condition": {
        "NotIpAddress": { "aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"] }
      }
    }
  ]
}
`,
    question: {
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::reports/2026/q3.pdf',
      context: { 'aws:SourceIp': '203.0.113.9' },
    },
  },
  {
    name: 'Broken in several places',
    policy: `{
  "Version": "2012-10-18",
  "Statement": [
    {
      "Sid": "Fotos für Zoë",
      "Effect": "allow",
      "Action": ["s3:GetObjects", "s3:putObject"],
      "Resource": "arn:aws:s3:::photos/*"
    },
    {
      "Effect": "Deny",
      "Actions": "s3:DeleteObject",
      "Resource": "arn:aws:s3::photos/private/*",
      "Condition": { "IpAddres": { "aws:SourceIp": "10.0.0.0/33" } }
    }
  ]
}
`,
    question: { action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat.jpg', context: {} },
  },
  {
    name: 'Risky: wider than it looks',
    policy: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "EverythingButDelete",
      "Effect": "Allow",
      "NotAction": "s3:DeleteObject",
      "Resource": "*"
    },
    {
      "Sid": "AllowSharing",
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::shared", "arn:aws:s3:::shared/*"],
      "Condition": { "StringLike": { "aws:Referer": "*" } }
    }
  ]
}
`,
    question: { action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::payroll', context: {} },
  },
]
