@rem A task for Windows' task planner: run this file once. Each Monday at six it makes the reports of all workshops of
@rem which something has changed. Put your own folders in place of C:\kit.
@rem Une tâche pour le planificateur de Windows : lancez ce fichier une fois.
schtasks /Create /TN "Workshop reports" /SC WEEKLY /D MON /ST 06:00 /TR "C:\kit\.venv\Scripts\kit.exe report --all --format html,pdf --jobs 2 --store C:\kit\store.db --out C:\kit\reports"
