//! A request as authentication sees it, read once.

use super::Options;
use super::canonical::Path;
use super::classify::{Mechanism, classify};
use super::headers::Headers;
#[cfg(feature = "forms")]
use super::limits;
use super::options::RepeatedQueryOrder;
use super::query::Query;
use crate::Error;
use crate::http::HttpRequest;

/// A request. It is filled where it lies, since it is too large to be passed around.
pub(super) struct Received<'a, 'r> {
    /// As it arrived.
    pub request: &'a HttpRequest<'r>,
    /// Its headers.
    pub headers: Headers<'r>,
    /// Its query.
    pub query: Query<'r>,
    /// Its path.
    pub path: Path<'r>,
}

impl<'a, 'r> Received<'a, 'r> {
    /// A request of which nothing is read yet.
    #[inline(always)]
    pub(super) fn new(request: &'a HttpRequest<'r>) -> Self {
        Self { request, headers: Headers::default(), query: Query::default(), path: Path::default() }
    }

    /// Reads the request and recognises its authentication.
    #[inline(always)]
    pub(super) fn read(&mut self, options: &Options) -> Result<Mechanism<'r>, Error> {
        let path = self.read_lines(options.repeated_query_order)?;
        self.path = Path::read(path, options.path_plus)?;
        classify(self.request, &self.headers, &self.query)
    }

    /// Recognises the authentication without reading the path, which has no part in it.
    #[cfg(feature = "forms")]
    pub(super) fn classify(&mut self) -> Result<Mechanism<'r>, Error> {
        self.read_lines(RepeatedQueryOrder::default())?;
        classify(self.request, &self.headers, &self.query)
    }

    /// Reads the headers and the query; gives the path.
    #[inline(always)]
    fn read_lines(&mut self, order: RepeatedQueryOrder) -> Result<&'r [u8], Error> {
        #[cfg(feature = "forms")]
        limits::check_target(self.request.target)?;
        self.headers.read(self.request.headers)?;
        let (path, query) = self.request.path_and_query();
        self.query.read(query, order)?;
        Ok(path)
    }
}
