from integrations.models.tokens import (
    RIGHT_TO_IMPORT,
    RIGHT_TO_REPORT,
    ApiToken,
    Scope,
)

__all__ = ["RIGHT_TO_IMPORT", "RIGHT_TO_REPORT", "ApiToken", "Scope"]
