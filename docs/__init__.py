"""The pages of the project; `docs.site` builds the site out of them."""
