//! Stages: named steps of a command, each with its time.

use std::time::{Duration, Instant};

/// Runs one stage and prints a line with its name and time.
pub fn stage<T>(name: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("── {name}");
    let start = Instant::now();
    let result = work();
    let word = if result.is_ok() { "done" } else { "FAILED" };
    println!("── {name}: {word} in {}", seconds(start.elapsed()));
    result
}

/// A time as people read it.
pub fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(605)), "10 min 05 s");
    }

    #[test]
    fn a_stage_hands_on_what_its_work_returns() {
        assert_eq!(stage("paint", || Ok(3)), Ok(3));
        assert_eq!(stage("paint", || Err::<(), _>("no red".to_owned())), Err("no red".to_owned()));
    }
}
