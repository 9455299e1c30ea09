"""The HTTP application: middleware, request checks, problems, parameters, OpenAPI."""
