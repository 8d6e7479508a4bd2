"""The action server: each action reads the tracker, calls one use case, and returns."""

from actions.actions import ActionClarify, ActionFollowFlow, ActionMeetNeed

__all__ = ["ActionClarify", "ActionFollowFlow", "ActionMeetNeed"]
