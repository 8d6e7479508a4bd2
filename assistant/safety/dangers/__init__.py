"""What people say when they are in danger: rules as data, read by `assistant.safety.danger`."""
