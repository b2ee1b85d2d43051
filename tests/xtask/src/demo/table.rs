//! The demo's table: request × language → verdict, S3 error code, deciding statement, time.

use super::Answers;
use super::plan::Request;
use harness::protocol::encode;

/// Place of the time in an answer; everything before it must be the same in all languages.
const NANOSECONDS: usize = 12;

/// The table, and what is not as it should be.
pub fn table(requests: &[Request], answers: &[Answers]) -> (String, Vec<String>) {
    let heads = ["request", "signed by", "language", "verdict", "S3 error", "statement", "µs a call"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    let mut problems = Vec::new();
    for (at, request) in requests.iter().enumerate() {
        let mut first = None;
        for (index, (language, answers)) in answers.iter().enumerate() {
            let title = if index == 0 { [&*request.name, &*request.client] } else { ["", ""] };
            let Some(answer) = answers.get(at) else { continue };
            rows.push(row(title, language, answer));
            problems.extend(check(request, language, answer, &mut first));
        }
    }
    (harness::run::table(&rows), problems)
}

fn row(title: [&str; 2], language: &str, answer: &Result<Vec<String>, String>) -> Vec<String> {
    let mut row: Vec<String> = title.iter().map(|&text| text.to_owned()).collect();
    row.push(language.to_owned());
    match answer {
        Err(message) => row.push(format!("NO ANSWER: {message}")),
        Ok(fields) => {
            let field = |at: usize| fields.get(at).map_or("", String::as_str);
            let statement = match (field(8), field(9)) {
                (_, "") => field(7).to_owned(),
                (policy, index) => format!("{} by {policy}[{index}]", field(7)),
            };
            row.extend([
                field(0).to_owned(),
                field(5).to_owned(),
                statement,
                microseconds(field(NANOSECONDS)),
            ]);
        }
    }
    row
}

fn microseconds(nanoseconds: &str) -> String {
    nanoseconds.parse::<f64>().map_or_else(|_| nanoseconds.to_owned(), |n| format!("{:.2}", n / 1000.0))
}

/// What is wrong with an answer: it is not what the request is meant to give, or not what the first
/// language said.
fn check<'a>(
    request: &Request,
    language: &str,
    answer: &'a Result<Vec<String>, String>,
    first: &mut Option<&'a [String]>,
) -> Option<String> {
    let title = format!("{} in {language}", request.name);
    let fields = match answer {
        Ok(fields) => fields,
        Err(message) => return Some(format!("{title}: {message}")),
    };
    let told = fields.get(..NANOSECONDS).unwrap_or(fields);
    let agreed = *first.get_or_insert(told);
    if let Err(mismatch) = request.expect.check(&encode(told)) {
        return Some(format!("{title}: expected {}, but {}", mismatch.expected, mismatch.actual));
    }
    (agreed != told).then(|| format!("{title}: {told:?}, while the first language said {agreed:?}"))
}
