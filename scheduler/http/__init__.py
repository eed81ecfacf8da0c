"""The one HTTP client: one attempt, no redirects, a total deadline, and an outcome judged by phase.

`client.Http` sends, `outcome.Service` judges, `line` cuts a connection at its deadline,
`address.check_address` says what is wrong with an address. Only this floor imports requests,
and only when a channel that needs it is opened.
"""
