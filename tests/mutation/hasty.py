"""A pytest plugin for mutants: a generated example that fails is reason enough, it need not be made small."""

from hypothesis import Phase, settings

settings.register_profile("hasty", phases=[Phase.explicit, Phase.generate])
settings.load_profile("hasty")
