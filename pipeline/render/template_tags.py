"""The tags that a design may use: choose, repeat, name, include. No clock, no language, no settings, no libraries."""

from django.template import Library, defaulttags, loader_tags

register = Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.tag("with", defaulttags.do_with)
register.tag("comment", defaulttags.comment)
register.tag("include", loader_tags.do_include)
